module Survey.Questions where

data Question
  = QAge
  | QGender
  | QReligion      -- ^ "Which religion, if any, do you belong to?"
  | QPolitics      -- ^ "Where would you place yourself, 0 left to 10 right?"
  | QUnion         -- ^ "Are you a member of a trade union?"
  deriving (Show, Eq, Enum, Bounded)

optional :: Question -> Bool
optional q = q `elem` [QReligion, QPolitics, QUnion]

order :: [Question]
order = [minBound .. maxBound]
