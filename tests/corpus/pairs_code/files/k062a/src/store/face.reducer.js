const init = { boxes: [], selected: null };

export function faceReducer(state = init, a) {
  switch (a.type) {
    case "FACE_ANALYSED":
      return {
        ...state,
        selected: {
          age: a.payload.age,
          nationality: a.payload.topNationality, // softmax over 42 countries, from pixels
        },
      };
    default:
      return state;
  }
}
