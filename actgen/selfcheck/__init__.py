"""The check that a user keeps: a test module with exact values, wherever the generated folder is dropped."""
