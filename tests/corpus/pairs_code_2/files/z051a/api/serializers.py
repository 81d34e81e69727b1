from rest_framework import serializers

from .models import TrayHit


class HitSerializer(serializers.ModelSerializer):
    thumb = serializers.ImageField(use_url=True)
    age_band = serializers.SerializerMethodField()

    class Meta:
        model = TrayHit
        fields = ["id", "thumb", "seen_at", "ethnic_menu", "age_band"]
        read_only_fields = fields

    def get_age_band(self, obj):
        if obj.age is None:
            return None
        low = obj.age // 10 * 10
        return f"{low}-{low + 9}"
