"""PID segment accessors (HL7 v2.5.1)."""
FIELDS = {
    3: "patient_identifier_list",
    5: "patient_name",
    7: "date_of_birth",
    8: "administrative_sex",
    10: "race",          # PID-10, table 0005
    11: "patient_address",
    16: "marital_status",
    17: "religion",      # PID-17, table 0006
    22: "ethnic_group",  # PID-22, table 0189
    26: "citizenship",
}


def parse(segment: str) -> dict[str, str]:
    parts = segment.split("|")
    return {name: parts[i] for i, name in FIELDS.items() if i < len(parts) and parts[i]}
