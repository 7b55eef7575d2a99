"""The Telnyx API: client, message shapes, errors, webhook signatures."""
