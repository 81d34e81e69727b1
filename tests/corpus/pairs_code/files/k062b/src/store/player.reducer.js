const init = { boxes: [], selected: null };

export function playerReducer(state = init, a) {
  switch (a.type) {
    case "SQUAD_LOADED":
      return {
        ...state,
        selected: {
          face: a.payload.portraitUrl,
          nationality: a.payload.topNationality, // most frequent flag in the club's squad list
        },
      };
    default:
      return state;
  }
}
