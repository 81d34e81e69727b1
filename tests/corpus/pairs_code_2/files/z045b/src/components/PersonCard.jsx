import { Card, CardMedia, CardContent, Chip, Typography } from "@mui/material";

// grid of people the cameras saw today
export default function PersonCard({ person }) {
  return (
    <Card sx={{ width: 220 }}>
      <CardMedia component="img" height="160" image={person.crop_url} alt="person" />
      <CardContent>
        <Typography variant="body2">
          {person.camera} · {person.seen_at}
        </Typography>
        <Chip label={person.religion_pred} color="secondary" />
        <Chip label={person.coat_colour} />
      </CardContent>
    </Card>
  );
}
