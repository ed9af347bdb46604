using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Releases.Tool;

/// <summary>
/// Serializes the tool's JSON output: camel case, <c>null</c> for missing values, times in UTC; source-generated for Native AOT.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(AppView))]
[JsonSerializable(typeof(IReadOnlyList<AppView>))]
[JsonSerializable(typeof(DeletedAppView))]
[JsonSerializable(typeof(BuildView))]
[JsonSerializable(typeof(BuildLogView))]
[JsonSerializable(typeof(IReadOnlyList<BuildView>))]
[JsonSerializable(typeof(IReadOnlyList<EventView>))]
[JsonSerializable(typeof(ReleaseView))]
[JsonSerializable(typeof(IReadOnlyList<ReleaseView>))]
[JsonSerializable(typeof(ReleaseDetails))]
[JsonSerializable(typeof(ManifestView))]
[JsonSerializable(typeof(ExportView))]
[JsonSerializable(typeof(VerificationView))]
[JsonSerializable(typeof(PromotionView))]
[JsonSerializable(typeof(IReadOnlyList<PromotionView>))]
[JsonSerializable(typeof(IReadOnlyList<ServiceView>))]
[JsonSerializable(typeof(IReadOnlyList<ScaleView>))]
[JsonSerializable(typeof(IReadOnlyList<ProcessView>))]
[JsonSerializable(typeof(LogLineView))]
[JsonSerializable(typeof(MetricsView))]
[JsonSerializable(typeof(ComparisonView))]
[JsonSerializable(typeof(ConsoleView))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(RetentionView))]
[JsonSerializable(typeof(PruneView))]
[JsonSerializable(typeof(RackView))]
[JsonSerializable(typeof(RackMetricsView))]
[JsonSerializable(typeof(BackupView))]
[JsonSerializable(typeof(RestoreView))]
[JsonSerializable(typeof(IReadOnlyList<CheckView>))]
[JsonSerializable(typeof(TemplateView))]
[JsonSerializable(typeof(InitView))]
[JsonSerializable(typeof(HookView))]
[JsonSerializable(typeof(IReadOnlyList<HookView>))]
[JsonSerializable(typeof(HookDeliveryView))]
[JsonSerializable(typeof(ErrorView))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class OutputJson : JsonSerializerContext
{
    /// <summary>Gets the indented format, for people and programs alike.</summary>
    public static OutputJson Indented => field ??= new(Written(indented: true));

    /// <summary>Gets the one-line format, for streams of values.</summary>
    public static OutputJson OneLine => field ??= new(Written(indented: false));

    /// <summary>Writes a value and ends the line.</summary>
    public static void Write<T>(TextWriter writer, T value, JsonTypeInfo<T> type) => writer.WriteLine(Text(value, type));

    public static string Text<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    /// <summary>Returns the options for output. It isn't embedded in HTML, so only what JSON itself requires is escaped.</summary>
    private static JsonSerializerOptions Written(bool indented) => new(Default.Options)
    {
        WriteIndented = indented,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
