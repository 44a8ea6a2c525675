"""The base that the work is compared with: in Git, fetched from the server, or rebuilt through the API."""
