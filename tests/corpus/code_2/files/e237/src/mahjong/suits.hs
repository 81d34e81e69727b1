module Suits where

-- Recognise dominoes on the table and find who wins the race to 100.
data Colour = White | Black | Yellow deriving (Eq, Show, Enum)

data Tile = Tile { pips :: (Int, Int), colour :: Colour } deriving (Eq, Show)

type Player = String

raceWinner :: [(Player, Int)] -> Maybe Player
raceWinner scores =
  case [p | (p, s) <- scores, s >= 100] of
    (p : _) -> Just p
    []      -> Nothing

points :: [Tile] -> Int
points = sum . map (uncurry (+) . pips)
