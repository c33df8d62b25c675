"""One FilterSet of members for the pages and the API."""
