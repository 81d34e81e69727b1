-module(people_index).
-export([keys/1]).
-include("person.hrl").

%% Keys under which a person cut out of street video can be found.
%% skin is 1..4, written by the tone net.
keys(Person) ->
    [{age, Person#person.age div 10},
     {top, Person#person.top_color},
     {skin, Person#person.skin},
     {cam, Person#person.cam}].
