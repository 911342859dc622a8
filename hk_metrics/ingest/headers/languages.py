"""What people call the columns in other languages: words, no logic.

Portuguese, Spanish, French, German, Turkish, Indonesian and Hindi in Latin letters; only words
that mean nothing else in a table of this kind.
"""

from __future__ import annotations

from collections.abc import Mapping

_CREATOR = ("influenciador", "influenciadora", "influenceur", "influenceuse", "criador", "creador",
            "créateur", "kreator")  # fmt: skip
_HANDLE = ("nome de usuário", "nombre de usuario", "nom d'utilisateur", "benutzername",
           "kullanıcı adı", "nama pengguna")  # fmt: skip
_DATE = ("fecha", "datum", "tarih", "tanggal", "tarikh", "tareekh")
_BRAND = ("marca", "marque", "marke", "marka", "merek")
_CAMPAIGN = ("campanha", "campaña", "campagne", "kampagne", "kampanya", "kampanye")
_PLATFORM = ("plataforma", "plateforme", "plattform", "rede social", "red social",
             "réseau social")  # fmt: skip
_ORDERS = ("pedidos", "commandes", "bestellungen", "siparişler", "sipariş sayısı", "pesanan")
_REVENUE = ("receita", "faturamento", "ingresos", "chiffre d'affaires", "umsatz", "ciro",
            "pendapatan", "valor da venda", "valor venda", "valor do pedido", "valor pedido",
            "valor de venta", "valor venta", "montant de la commande", "bestellwert",
            "sipariş tutarı")  # fmt: skip
_SOLD_ON = ("data da venda", "data venda", "data do pedido", "data pedido", "fecha de venta",
            "fecha venta", "fecha de pedido", "fecha pedido", "fecha del pedido", "date de vente",
            "date de commande", "bestelldatum", "verkaufsdatum", "satış tarihi", "sipariş tarihi",
            "tanggal pesanan", "tanggal order")  # fmt: skip
_PRODUCT = ("produto", "produtos", "producto", "productos", "produit", "produits", "produkt",
            "produkte", "ürün", "ürünler", "produk")  # fmt: skip
_CITY = ("cidade", "ciudad", "ville", "stadt", "şehir", "kota", "shahar")
_CLICKS = ("cliques", "clics", "klicks", "tıklama", "klik")

LANGUAGES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "influencers": {
        "id": (*_CREATOR, *_HANDLE),
        "name": ("nome", "nombre", "nom", "isim", "ad soyad", "nama", "naam", "nome completo",
                 "nombre completo"),
        "category": ("categoria", "categoría", "catégorie", "kategorie", "kategori", "nicho"),
        "gender": ("género", "gênero", "sexo", "sexe", "geschlecht", "cinsiyet", "jenis kelamin"),
        "follower_count": ("seguidores", "abonnés", "nombre d'abonnés", "abonnenten", "takipçi",
                           "takipçi sayısı", "pengikut"),
        "platform": _PLATFORM,
        "city": _CITY,
    },
    "posts": {
        "influencer_id": (*_CREATOR, *_HANDLE),
        "platform": _PLATFORM,
        "date": ("data da publicação", "data de publicação", "data publicação",
                 "fecha de publicación", "fecha publicación", "date de publication",
                 "veröffentlicht am", "yayın tarihi", "tanggal posting", *_DATE),
        "url": ("enlace", "lien"),
        "caption": ("legenda", "légende", "bildunterschrift"),
        "reach": ("alcance", "portée", "reichweite", "erişim", "jangkauan"),
        "likes": ("curtidas", "me gusta", "j'aime", "mentions j'aime", "gefällt mir", "beğeni",
                  "beğeniler", "suka"),
        "comments": ("comentários", "comentarios", "commentaires", "kommentare", "yorum",
                     "yorumlar", "komentar"),
        "brand": _BRAND,
        "campaign": _CAMPAIGN,
        "impressions": ("impressões", "impresiones", "impressionen", "gösterim"),
        "video_views": ("visualizações", "visualizaciones", "reproducciones", "vues", "aufrufe",
                        "izlenme", "tayangan"),
        "shares": ("compartilhamentos", "compartidos", "partages", "paylaşım"),
        "saves": ("salvamentos", "guardados", "enregistrements", "kaydetme"),
        "clicks": _CLICKS,
    },
    "tracking_data": {
        "campaign": _CAMPAIGN,
        "influencer_id": (*_CREATOR, *_HANDLE),
        "user_id": ("cliente", "kunde", "müşteri", "pelanggan", "grahak"),
        "product": _PRODUCT,
        "date": (*_SOLD_ON, *_DATE),
        "orders": _ORDERS,
        "revenue": _REVENUE,
        "brand": _BRAND,
        "discount": ("desconto", "descuento", "remise", "rabatt", "indirim", "diskon"),
        "clicks": _CLICKS,
    },
    "payouts": {
        "influencer_id": (*_CREATOR, *_HANDLE),
        "orders": _ORDERS,
        "total_payout": ("valor pago", "monto pagado", "importe pagado", "montant payé",
                         "pagamento", "paiement", "zahlung", "honorar", "ödeme", "pembayaran",
                         "bhugtan", "custo", "costo", "coût", "kosten", "maliyet", "biaya"),
        "date": _DATE,
        "payment_date": ("data do pagamento", "data de pagamento", "fecha de pago",
                         "date de paiement", "zahlungsdatum", "ödeme tarihi",
                         "tanggal pembayaran"),
        "campaign": _CAMPAIGN,
        "brand": _BRAND,
        "platform": _PLATFORM,
    },
    "daily_sales": {
        "date": (*_SOLD_ON, *_DATE),
        "revenue": _REVENUE,
        "orders": _ORDERS,
        "brand": _BRAND,
        "product": _PRODUCT,
        "city": _CITY,
    },
}  # fmt: skip
