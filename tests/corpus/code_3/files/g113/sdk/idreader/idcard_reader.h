#ifndef IDCARD_READER_H
#define IDCARD_READER_H

/* 二代证读卡器返回的文字信息（从芯片读出） */
typedef struct {
    char szName[32];      /* 姓名 */
    char szSex[4];        /* 性别 */
    char szNation[20];    /* 民族 */
    char szBirth[16];     /* 出生日期 */
    char szAddress[72];   /* 住址 */
    char szIdNo[20];      /* 身份证号 */
    char szDept[32];      /* 签发机关 */
    char szValid[36];     /* 有效期限 */
} IDCARD_TEXT;

int IDC_Open(int port);
int IDC_ReadText(int h, IDCARD_TEXT *p);
int IDC_Close(int h);
#endif
