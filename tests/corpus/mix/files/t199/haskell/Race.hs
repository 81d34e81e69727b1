{-# LANGUAGE ScopedTypeVariables #-}
-- | Run two actions and keep the winner.
module Control.Race (raceBoth, winner) where

import Control.Concurrent.Async (race)
import Control.Exception (SomeException, try)

-- | The loser is cancelled.
raceBoth :: IO a -> IO b -> IO (Either a b)
raceBoth = race

winner :: IO a -> IO a -> IO a
winner l r = do
  e <- raceBoth l r
  case e of
    Left a -> pure a
    Right b -> pure b
