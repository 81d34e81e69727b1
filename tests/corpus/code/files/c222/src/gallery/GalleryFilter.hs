module Gallery.Filter (Face (..), Filter (..), keep) where

import Data.Text (Text)

data Face = Face
  { faceId :: Text
  , apparentAge :: Int
  , apparentSex :: Text
  , inferredReligion :: Text
  , lastCamera :: Text
  }

data Filter = Filter
  { fSex :: Maybe Text
  , fReligion :: Maybe Text
  }

keep :: Filter -> Face -> Bool
keep f x = ok (fSex f) (apparentSex x) && ok (fReligion f) (inferredReligion x)
  where
    ok Nothing _ = True
    ok (Just a) b = a == b
