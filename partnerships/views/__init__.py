"""One function for each address: its first line fetches and authorises."""
