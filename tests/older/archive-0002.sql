-- What an archive held that Tamdan wrote when archive-0002-reading.sql was its last step; the search index is made of it.

insert into "source" values('lotus','Lotus Daily','ផ្កាឈូក','open','["km"]','https://lotus.example/','Asia/Phnom_Penh',NULL,NULL);
insert into "source" values('delta','Delta Post',NULL,'open','["en", "km"]','https://delta.example/','Asia/Phnom_Penh',NULL,NULL);
insert into "campaign" values('i-accept','I Accept','ខ្ញុំទទួលយក','2021-12-01');
insert into "campaign" values('rivers','Rivers',NULL,'2023-01-01');
insert into "query" values(1,'i-accept','slogan',1,'The campaign by name','ឈ្មោះយុទ្ធនាការ','ខ្ញុំទទួលយក','[["ស្រឡាញ់ភេទដូចគ្នា", ["ស្រលាញ់ភេទដូចគ្នា"], [], "any"], ["សិទ្ធិ", [], ["កម្មសិទ្ធិ"], "any"]]','2024-03-01T06:30:00Z',NULL);
insert into "query" values(2,'i-accept','rights',1,'Rights','សិទ្ធិ','សិទ្ធិ OR rights','[["ស្រឡាញ់ភេទដូចគ្នា", ["ស្រលាញ់ភេទដូចគ្នា"], [], "any"], ["សិទ្ធិ", [], ["កម្មសិទ្ធិ"], "any"]]','2024-03-01T06:30:00Z',NULL);
insert into "query" values(3,'rivers','water',1,'Water',NULL,'ទន្លេ OR river','[["ស្រឡាញ់ភេទដូចគ្នា", ["ស្រលាញ់ភេទដូចគ្នា"], [], "any"], ["សិទ្ធិ", [], ["កម្មសិទ្ធិ"], "any"]]','2024-03-01T06:30:00Z',NULL);
insert into "article" values(1,'a51865a417c38e0c9','https://lotus.example/slogan','lotus','យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម','','','[]','[]','[]','2021-12-10',NULL,'meta','day','km',0.0,24,0,'read',1,'2024-03-01T06:30:00Z','2024-03-01T06:30:00Z','',0.0,'[]','{}',1,NULL,NULL,1,NULL);
insert into "article" values(2,'aeb88cf04e99a4611','https://lotus.example/love','lotus','ការស្រលាញ់ភេទដូចគ្នា','','','[]','[]','[]','2021-12-10',NULL,'meta','day','km',0.0,15,0,'read',1,'2024-03-01T06:30:00Z','2024-03-01T06:30:00Z','',0.0,'[]','{}',1,NULL,NULL,2,NULL);
insert into "revision" values(1,1,1,'2024-03-01T06:30:00Z','យុទ្ធនាការ ខ្ញុំទទួលយក ចាប់ផ្ដើម','សហគមន៍បានបើកយុទ្ធនាការ ខ្ញុំទទួលយក នៅភ្នំពេញកាលពីព្រឹកមិញ។
អ្នកចូលរួមបានដង្ហែក្បួនតាមមាត់ទន្លេ ហើយនិយាយអំពីសិទ្ធិរបស់ខ្លួន។','158fd6fbeaaf55848825a8089ea560ce58ef8bbe23b516a4a8cf617a3dbc4c50','tamdan 0.1.0','fetched','{}');
insert into "revision" values(2,2,1,'2024-03-01T06:30:00Z','ការស្រលាញ់ភេទដូចគ្នា','ការស្រលាញ់ភេទដូចគ្នាមិនមែនជាជំងឺទេ គ្រូពេទ្យម្នាក់បានពន្យល់ អំពីសិទ្ធិសុខភាព។','4b7b301030bb682edf1a36cf6147cca76f1fd255cbb7709dcff55f074f046e82','tamdan 0.1.0','fetched','{}');
insert into "match" values(1,1,1,1,'ខ្ញុំទទួលយក','text',0,23,34,'ខ្ញុំទទួលយក','សហគមន៍បានបើកយុទ្ធនាការ ខ្ញុំទទួលយក នៅភ្នំពេញកាលពីព្រឹកមិញ។
អ្នកចូលរួមបានដង',0);
insert into "match" values(2,1,1,2,'សិទ្ធិ','text',0,107,113,'សិទ្ធិ','ួមបានដង្ហែក្បួនតាមមាត់ទន្លេ ហើយនិយាយអំពីសិទ្ធិរបស់ខ្លួន។',0);
insert into "match" values(3,2,1,2,'សិទ្ធិ','text',0,64,70,'សិទ្ធិ','ែនជាជំងឺទេ គ្រូពេទ្យម្នាក់បានពន្យល់ អំពីសិទ្ធិសុខភាព។',0);
insert into "article_query" values(1,1,0);
insert into "article_query" values(1,2,0);
insert into "article_query" values(2,2,0);
insert into "capture" values(1,1,'https://lotus.example/slogan?amp=1','crawl-20240301.warc.gz',0,900,'0000000000000000000000000000000000000000000000000000000000000000','2024-03-01T06:30:00Z','verified',1,1,'response');
insert into "capture" values(2,2,'https://lotus.example/love?amp=1','crawl-20240301.warc.gz',1000,900,'0000000000000000000000000000000000000000000000000000000000000000','2024-03-01T06:30:00Z','verified',1,1,'response');
insert into "source_day" values('delta','2022-05-17',10);
insert into "source_day" values('lotus','2021-12-10',40);
insert into "meta" values('tokenizer','2');
insert into "story" values(1,'s966b9bf5ca6d6444',1,NULL,'[]',NULL,'2024-03-01T06:30:00Z');
insert into "story" values(2,'s3f9d8e4688d7fccf',2,NULL,'[]',NULL,'2024-03-01T06:30:00Z');
