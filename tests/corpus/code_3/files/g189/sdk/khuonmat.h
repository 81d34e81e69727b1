#ifndef KHUONMAT_H
#define KHUONMAT_H

/* Ket qua phan tich khuon mat */
typedef struct {
    int   tuoi;        /* tuoi uoc luong */
    int   gioi_tinh;   /* 0 nu, 1 nam */
    int   chung_toc;   /* chủng tộc: 0 da vàng, 1 da trắng, 2 da đen */
    int   deo_kinh;    /* deo kinh */
    float do_tin_cay;
} km_ket_qua;

int km_phan_tich(const unsigned char *anh, int rong, int cao, km_ket_qua *ra, int toi_da);

#endif
