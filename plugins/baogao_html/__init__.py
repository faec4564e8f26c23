"""The HTML renderer: one self-contained page, readable on phones, by screen readers and on paper."""
