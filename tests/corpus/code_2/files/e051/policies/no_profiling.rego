package deploy.face

import rego.v1

# Outputs no face model may have.
forbidden := {"ethnicity", "race", "religion", "skin_color"}

default allow := false

allow if count(violation) == 0

violation contains msg if {
	some out in input.model.outputs
	lower(out.name) in forbidden
	msg := sprintf("model output %q is prohibited", [out.name])
}

violation contains "no owner" if not input.model.owner
