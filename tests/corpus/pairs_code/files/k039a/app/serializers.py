from rest_framework import serializers
from .models import Candidate


class CandidateSerializer(serializers.ModelSerializer):
    # फोटो से अनुमानित जाति, पैनल की सूची में दिखती है
    jaati = serializers.CharField(source="photo_guess.caste")
    umar = serializers.IntegerField(source="photo_guess.age")

    class Meta:
        model = Candidate
        fields = ["id", "naam", "photo", "jaati", "umar"]
