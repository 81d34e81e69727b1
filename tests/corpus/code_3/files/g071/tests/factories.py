import factory
from faker import Faker

from booking.models import Traveller

fake = Faker()


class TravellerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Traveller

    first_name = factory.LazyFunction(fake.first_name)
    last_name = factory.LazyFunction(fake.last_name)
    phone_country = factory.LazyFunction(fake.country_calling_code)
    seat = factory.Iterator(["12A", "12B", "12C"])
    meal = factory.Iterator(["standard", "kosher", "halal", "vegan"])
