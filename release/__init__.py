"""How a release is made: the commands that the workflows in .github/workflows run, as ``python -m release``.

All but ``tags`` need Python alone. A rebuild runs the copy of the release that it rebuilds: arguments only get added.
"""
