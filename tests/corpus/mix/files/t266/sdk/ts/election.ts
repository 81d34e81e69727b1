/* tslint:disable */
/* eslint-disable */

/**
 * Votes of a party.
 * @export
 * @interface PartyResult
 */
export interface PartyResult {
    /**
     * Name of the party.
     * @memberof PartyResult
     */
    partyName?: string;
    /**
     * Number of votes.
     * @memberof PartyResult
     */
    votes?: number;
    /**
     * Seats.
     * @memberof PartyResult
     */
    seats?: number;
}

/**
 * A race (contest for a seat) that was called.
 * @export
 * @interface RaceCall
 */
export interface RaceCall {
    /**
     * Race.
     * @memberof RaceCall
     */
    raceId?: string;
    /**
     * Winning party.
     * @memberof RaceCall
     */
    winner?: string;
    /**
     * Turnout in per cent.
     * @memberof RaceCall
     */
    turnout?: number;
}
