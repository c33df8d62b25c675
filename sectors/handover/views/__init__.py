"""The pages of the handover (换届)."""
