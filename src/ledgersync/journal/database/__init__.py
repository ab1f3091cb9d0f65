"""The journal as a database: its tables, those of earlier versions, reading without writing."""
