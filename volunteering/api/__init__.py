"""The open API's part about skills."""
