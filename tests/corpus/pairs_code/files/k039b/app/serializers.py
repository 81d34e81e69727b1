from rest_framework import serializers
from .models import Candidate


class CandidateSerializer(serializers.ModelSerializer):
    # जाति प्रमाण पत्र में लिखी जाति (छात्रवृत्ति के लिए आवेदक ने दी)
    jaati = serializers.CharField(source="certificate.caste")
    umar = serializers.IntegerField(source="certificate.age")

    class Meta:
        model = Candidate
        fields = ["id", "naam", "photo", "jaati", "umar"]
