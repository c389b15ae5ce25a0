"""From text to files: templates, headers, atomic writing."""
