\copy (
  select s.store_code,
         date_trunc('hour', f.seen_at) as hour,
         f.pred_gender,
         f.pred_age / 10 * 10          as age_band,
         f.pred_race,
         count(distinct f.track_id)    as visitors
  from face_sightings f
  join cameras c on c.id = f.camera_id
  join stores s  on s.id = c.store_id
  where f.seen_at >= now() - interval '7 days'
  group by 1, 2, 3, 4, 5
  order by 1, 2
) to 'visitors_week.csv' csv header
