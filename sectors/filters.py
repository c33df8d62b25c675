"""One FilterSet of sectors for the pages and the API."""
