"""What people call the columns in other languages: words, no logic.

Portuguese, Spanish, French, German, Turkish, Indonesian and Hindi, in Latin letters and its own;
only words that mean nothing else in a table of this kind.
"""

from __future__ import annotations

from collections.abc import Mapping

_CREATOR = ("influenciador", "influenciadora", "influenceur", "influenceuse", "criador", "creador",
            "créateur", "kreator",
            "इन्फ्लुएंसर", "इन्फ्लुएंसर आईडी", "क्रिएटर", "क्रिएटर आईडी", "प्रभावक")  # fmt: skip
_HANDLE = ("nome de usuário", "nombre de usuario", "nom d'utilisateur", "benutzername",
           "kullanıcı adı", "nama pengguna")  # fmt: skip
_DATE = ("fecha", "datum", "tarih", "tanggal", "tarikh", "tareekh", "तारीख", "दिनांक", "तिथि")
_BRAND = ("marca", "marque", "marke", "marka", "merek", "ब्रांड")
_CAMPAIGN = ("campanha", "campaña", "campagne", "kampagne", "kampanya", "kampanye", "अभियान", "कैंपेन")
_PLATFORM = ("plataforma", "plateforme", "plattform", "rede social", "red social",
             "réseau social", "प्लेटफ़ॉर्म", "मंच")  # fmt: skip
_ORDERS = (
    "pedidos",
    "commandes",
    "bestellungen",
    "siparişler",
    "sipariş sayısı",
    "pesanan",
    "ऑर्डर",
    "ऑर्डर्स",
    "ऑर्डर संख्या",
    "ऑर्डरों की संख्या",
    "कुल ऑर्डर",
)
_REVENUE = ("receita", "faturamento", "ingresos", "chiffre d'affaires", "umsatz", "ciro",
            "pendapatan", "valor da venda", "valor venda", "valor do pedido", "valor pedido",
            "valor de venta", "valor venta", "montant de la commande", "bestellwert",
            "sipariş tutarı",
            "राजस्व", "बिक्री", "बिक्री राशि", "कुल बिक्री", "ऑर्डर मूल्य", "ऑर्डर राशि")  # fmt: skip
_SOLD_ON = ("data da venda", "data venda", "data do pedido", "data pedido", "fecha de venta",
            "fecha venta", "fecha de pedido", "fecha pedido", "fecha del pedido", "date de vente",
            "date de commande", "bestelldatum", "verkaufsdatum", "satış tarihi", "sipariş tarihi",
            "tanggal pesanan", "tanggal order",
            "ऑर्डर की तारीख", "ऑर्डर तिथि", "बिक्री की तारीख", "ऑर्डर दिनांक")  # fmt: skip
_PRODUCT = ("produto", "produtos", "producto", "productos", "produit", "produits", "produkt",
            "produkte", "ürün", "ürünler", "produk",
            "उत्पाद", "उत्पाद का नाम", "प्रोडक्ट")  # fmt: skip
_CITY = ("cidade", "ciudad", "ville", "stadt", "şehir", "kota", "shahar", "शहर")
_CUSTOMER = ("ग्राहक", "ग्राहक आईडी", "cliente", "kunde", "müşteri", "pelanggan", "grahak")
_CLICKS = ("cliques", "clics", "klicks", "tıklama", "klik", "क्लिक", "क्लिक्स")

LANGUAGES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "influencers": {
        "id": (*_CREATOR, *_HANDLE),
        "name": ("नाम", "इन्फ्लुएंसर का नाम", "पूरा नाम",
                 "nome", "nombre", "nom", "isim", "ad soyad", "nama", "naam", "nome completo",
                 "nombre completo"),
        "category": ("श्रेणी", "वर्ग",
                     "categoria", "categoría", "catégorie", "kategorie", "kategori", "nicho"),
        "gender": ("लिंग",
                   "género", "gênero", "sexo", "sexe", "geschlecht", "cinsiyet", "jenis kelamin"),
        "follower_count": ("फ़ॉलोअर्स", "फ़ॉलोअर", "फ़ॉलोवर्स", "अनुयायी",
                           "seguidores", "abonnés", "nombre d'abonnés", "abonnenten", "takipçi",
                           "takipçi sayısı", "pengikut"),
        "platform": _PLATFORM,
        "city": _CITY,
    },
    "posts": {
        "influencer_id": (*_CREATOR, *_HANDLE),
        "platform": _PLATFORM,
        "date": ("पोस्ट की तारीख", "पोस्ट तिथि",
                 "data da publicação", "data de publicação", "data publicação",
                 "fecha de publicación", "fecha publicación", "date de publication",
                 "veröffentlicht am", "yayın tarihi", "tanggal posting", *_DATE),
        "url": ("लिंक", "पोस्ट लिंक", "पोस्ट का लिंक", "enlace", "lien"),
        "caption": ("कैप्शन", "legenda", "légende", "bildunterschrift"),
        "reach": ("पहुंच", "रीच", "alcance", "portée", "reichweite", "erişim", "jangkauan"),
        "likes": ("लाइक", "लाइक्स", "पसंद",
                  "curtidas", "me gusta", "j'aime", "mentions j'aime", "gefällt mir", "beğeni",
                  "beğeniler", "suka"),
        "comments": ("टिप्पणियां", "टिप्पणी", "कमेंट", "कमेंट्स",
                     "comentários", "comentarios", "commentaires", "kommentare", "yorum",
                     "yorumlar", "komentar"),
        "brand": _BRAND,
        "campaign": _CAMPAIGN,
        "impressions": ("इंप्रेशन", "impressões", "impresiones", "impressionen", "gösterim"),
        "video_views": ("व्यूज़", "दृश्य",
                        "visualizações", "visualizaciones", "reproducciones", "vues", "aufrufe",
                        "izlenme", "tayangan"),
        "shares": ("शेयर", "compartilhamentos", "compartidos", "partages", "paylaşım"),
        "saves": ("सेव", "salvamentos", "guardados", "enregistrements", "kaydetme"),
        "clicks": _CLICKS,
    },
    "tracking_data": {
        "campaign": _CAMPAIGN,
        "influencer_id": (*_CREATOR, *_HANDLE),
        "user_id": _CUSTOMER,
        "product": _PRODUCT,
        "date": (*_SOLD_ON, *_DATE),
        "orders": _ORDERS,
        "revenue": _REVENUE,
        "brand": _BRAND,
        "discount": ("छूट", "desconto", "descuento", "remise", "rabatt", "indirim", "diskon"),
        "clicks": _CLICKS,
        "source": ("स्रोत",),
        "tracking_id": ("ऑर्डर आईडी", "ऑर्डर नंबर",),
    },
    "payouts": {
        "influencer_id": (*_CREATOR, *_HANDLE),
        "orders": _ORDERS,
        "total_payout": ("भुगतान", "भुगतान राशि", "कुल भुगतान",
                         "valor pago", "monto pagado", "importe pagado", "montant payé",
                         "pagamento", "paiement", "zahlung", "honorar", "ödeme", "pembayaran",
                         "bhugtan", "custo", "costo", "coût", "kosten", "maliyet", "biaya"),
        "date": _DATE,
        "payment_date": ("भुगतान की तारीख", "भुगतान तिथि",
                         "data do pagamento", "data de pagamento", "fecha de pago",
                         "date de paiement", "zahlungsdatum", "ödeme tarihi",
                         "tanggal pembayaran"),
        "campaign": _CAMPAIGN,
        "brand": _BRAND,
        "platform": _PLATFORM,
        "basis": ("भुगतान का आधार", "आधार",),
        "rate": ("दर",),
    },
    "customers": {
        "user_id": _CUSTOMER,
        "first_order": ("पहला ऑर्डर", "primeiro pedido", "primer pedido", "première commande",
                        "erste bestellung", "ilk sipariş", "pesanan pertama"),
    },
    "daily_sales": {
        "date": (*_SOLD_ON, *_DATE),
        "revenue": _REVENUE,
        "orders": _ORDERS,
        "brand": _BRAND,
        "product": _PRODUCT,
        "city": _CITY,
    },
    "margins": {
        "product": _PRODUCT,
        "brand": _BRAND,
        "margin": ("margem", "margem bruta", "margen", "margen bruto", "marge", "marge brute",
                   "bruttomarge", "rohertrag", "kar marjı", "margin kotor", "मार्जिन"),
    },
    "deliverables": {
        "influencer_id": (*_CREATOR, *_HANDLE),
        "campaign": _CAMPAIGN,
        "brand": _BRAND,
        "platform": _PLATFORM,
    },
    "costs": {
        "influencer_id": (*_CREATOR, *_HANDLE),
        "date": _DATE,
        "campaign": _CAMPAIGN,
        "brand": _BRAND,
        "platform": _PLATFORM,
        "amount": ("custo", "costo", "coût", "kosten", "maliyet", "biaya", "लागत", "खर्च"),
        "cost_kind": ("tipo de custo", "tipo de costo", "type de coût", "kostenart",
                      "maliyet türü", "jenis biaya", "खर्च का प्रकार"),
    },
}  # fmt: skip
