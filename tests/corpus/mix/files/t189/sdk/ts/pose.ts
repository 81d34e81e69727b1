/* tslint:disable */
/* eslint-disable */

/**
 * 사람 자세 추정 결과
 * @export
 * @interface PersonPose
 */
export interface PersonPose {
    /**
     * 추적 ID
     * @memberof PersonPose
     */
    personId?: string;
    /**
     * 몸의 방향 (0: 정면, 1: 측면, 2: 후면)
     * @memberof PersonPose
     */
    orientation?: number;
    /**
     * 신뢰도
     * @memberof PersonPose
     */
    score?: number;
}

/**
 * 프레임 정보
 * @export
 * @interface Frame
 */
export interface Frame {
    /**
     * 너비
     * @memberof Frame
     */
    width?: number;
    /**
     * 높이
     * @memberof Frame
     */
    height?: number;
}
