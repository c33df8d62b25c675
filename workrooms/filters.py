"""One FilterSet of workrooms for the pages and the API."""
