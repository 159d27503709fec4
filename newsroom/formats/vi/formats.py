"""Times as Vietnamese papers write them: 14:30, 22/11/2026."""

DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "H:i, d/m/Y"
YEAR_MONTH_FORMAT = r"\t\h\á\n\g n/Y"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "H:i, d/m/Y"

NUMBER_GROUPING = 3  # 1.234,5: the framework's own has the signs, but no groups
