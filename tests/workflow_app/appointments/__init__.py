"""Rights given and revoked, absences and substitutes."""
