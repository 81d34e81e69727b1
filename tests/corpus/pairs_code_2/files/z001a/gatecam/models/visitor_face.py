from django.db import models


class Visit(models.Model):
    """One row per person who passes the lobby kiosk."""

    site = models.ForeignKey("sites.Site", on_delete=models.PROTECT)
    badge_no = models.CharField(max_length=12, unique=True)
    photo = models.ImageField(upload_to="kiosk/%Y/%m/")
    arrived_at = models.DateTimeField(auto_now_add=True)
    ethnicity = models.CharField(max_length=24, help_text="top class of the crop classifier")
    ethnicity_score = models.FloatField(null=True)

    class Meta:
        ordering = ["-arrived_at"]

    def __str__(self):
        return f"{self.badge_no} @ {self.site_id}"
