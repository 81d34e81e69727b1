-module(player_index).
-export([keys/1]).
-include("player.hrl").

%% Keys under which a video player of the wall can be found.
%% skin is 1..4, the theme of the frame round the person picture.
keys(Player) ->
    [{age, Player#player.uptime div 10},
     {top, Player#player.top_color},
     {skin, Player#player.skin},
     {cam, Player#player.cam}].
