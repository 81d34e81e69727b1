/*
 * Copyright 2020 Argus VMS. All Rights Reserved.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package com.argus.vms.search;

import static org.elasticsearch.index.query.QueryBuilders.*;

import org.elasticsearch.index.query.BoolQueryBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the query for the "find a face" page. */
public final class FaceQueryBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(FaceQueryBuilder.class);

    private FaceQueryBuilder() {}

    public static BoolQueryBuilder build(FaceFilter f) {
        BoolQueryBuilder bool = boolQuery();
        bool.filter(rangeQuery("shotAt").gte(f.getFrom()).lte(f.getTo()));
        if (f.getCameraIds() != null) {
            bool.filter(termsQuery("cameraId", f.getCameraIds()));
        }
        if (f.getEthnicity() != null) {
            bool.filter(termQuery("attrs.ethnicity", f.getEthnicity()));
        }
        if (f.getBeard() != null) {
            bool.filter(termQuery("attrs.beard", f.getBeard()));
        }
        LOG.debug("query {}", bool);
        return bool;
    }
}
