import { Card, CardMedia, CardContent, Chip, Typography } from "@mui/material";

// grid of places on the walking tour
export default function PlaceCard({ place }) {
  return (
    <Card sx={{ width: 220 }}>
      <CardMedia component="img" height="160" image={place.photo_url} alt="place" />
      <CardContent>
        <Typography variant="body2">
          {place.street} · {place.opens_at}
        </Typography>
        <Chip label={place.religion} color="secondary" />
        <Chip label={place.facade_colour} />
      </CardContent>
    </Card>
  );
}
