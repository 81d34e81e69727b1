<?php

namespace App\Repository;

use Doctrine\ORM\EntityRepository;

final class CaptureRepository extends EntityRepository
{
    /** Recherche dans les visages captés par les caméras du site. */
    public function filtrer(array $criteres): array
    {
        $qb = $this->createQueryBuilder('v')
            ->where('v.captureLe >= :debut')
            ->setParameter('debut', $criteres['debut']);

        if (isset($criteres['origine'])) {
            $qb->andWhere('v.origineApparente = :origine')
               ->setParameter('origine', $criteres['origine']);
        }

        return $qb->orderBy('v.captureLe', 'DESC')->getQuery()->getResult();
    }
}
