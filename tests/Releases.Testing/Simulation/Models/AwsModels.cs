namespace Releases.Testing.Simulation.Models;

/// <summary>
/// AWS's own models of its services, one file for each. They are data beside this repository, in ../shared/aws-models, and are read once.
/// </summary>
internal static class AwsModels
{
    private static readonly Lazy<Dictionary<string, ModelOperation>?> Operations = new(() => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*.json").SelectMany(ServiceModel.Read).ToDictionary(o => o.Target)
        : null);

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "aws-models"));

    /// <summary>Null where the folder is absent: then nothing is held against a model.</summary>
    public static IReadOnlyDictionary<string, ModelOperation>? ByTarget => Operations.Value;
}
