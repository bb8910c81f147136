"""How dates are written, beside what Django knows of the two languages."""
