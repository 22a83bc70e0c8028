"""The open API's part about visits."""
