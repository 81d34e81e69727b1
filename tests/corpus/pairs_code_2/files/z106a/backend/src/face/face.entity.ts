import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

// 출입 카메라가 저장하는 얼굴 기록
@Entity({ name: 'face_record' })
export class Record {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column()
  photoKey: string;

  @Column({ comment: '얼굴에서 추정한 민족' })
  ethnicity: string;

  @Column({ type: 'float', comment: '확률' })
  probability: number;

  @CreateDateColumn()
  createdAt: Date;
}
