"""What strangers and visitors may try against a running dashboard: loopback only, bounded."""
