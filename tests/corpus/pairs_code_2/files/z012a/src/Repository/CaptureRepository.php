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

        // Le filtre « origine apparente » a été retiré en 4.0 et la colonne supprimée.
        if (isset($criteres['lunettes'])) {
            $qb->andWhere('v.lunettes = :l')->setParameter('l', $criteres['lunettes']);
        }

        return $qb->orderBy('v.captureLe', 'DESC')->getQuery()->getResult();
    }
}
