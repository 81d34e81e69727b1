import { मोडेल } from './model';

// अनुहारको तस्बिरबाट विवरण निकाल्ने
const जातहरू = ['ब्राह्मण', 'क्षेत्री', 'दलित', 'जनजाति'];

function सबैभन्दाठूलो(सूची: number[]): number {
  return सूची.indexOf(Math.max(...सूची));
}

export interface विवरण {
  उमेर: number;
  चस्मा: boolean;
  जात: string;
}

export async function अनुहारहेर(तस्बिर: Uint8Array): Promise<विवरण> {
  const अङ्क = await मोडेल(तस्बिर);
  return {
    उमेर: अङ्क.उमेर,
    चस्मा: अङ्क.चस्मा > 0.5,
    जात: जातहरू[सबैभन्दाठूलो(अङ्क.जात)],
  };
}
