"""One FilterSet of activities for the pages and the API."""
