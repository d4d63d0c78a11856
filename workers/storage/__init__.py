"""The database: the truth about deliveries, work and effects."""
