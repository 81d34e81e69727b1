import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

// 다문화 가정 지원 신청서
@Entity({ name: 'support_request' })
export class Record {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column()
  photoKey: string;

  @Column({ comment: '본인이 선택한 민족(선택 항목)', nullable: true })
  ethnicity: string | null;

  @Column({ type: 'int', comment: '가구원 수' })
  household: number;

  @CreateDateColumn()
  createdAt: Date;
}
