using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes a software bill of materials (CycloneDX 1.6): the NuGet packages whose code a program contains, each with its
/// version, license and hash.</summary>
public sealed class WriteSbom : Task
{
    [Required]
    public string Id { get; set; }

    [Required]
    public string Version { get; set; }

    public string License { get; set; }

    /// <summary>Gets or sets the files from packages, with the metadata NuGetPackageId, NuGetPackageVersion and PathInPackage.</summary>
    [Required]
    public ITaskItem[] Assets { get; set; }

    /// <summary>Gets or sets the whole packages, such as the runtime's, with the metadata NuGetPackageId, NuGetPackageVersion and
    /// PackageDirectory.</summary>
    public ITaskItem[] Packs { get; set; } = new ITaskItem[0];

    [Required]
    public string File { get; set; }

    public override bool Execute()
    {
        var folders = new SortedDictionary<string, (string Id, string Version, string Folder)>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in Assets.Concat(Packs))
        {
            var id = item.GetMetadata("NuGetPackageId");
            var folder = item.GetMetadata("PackageDirectory");
            if (folder.Length == 0) folder = item.ItemSpec.Substring(0, item.ItemSpec.Length - item.GetMetadata("PathInPackage").Length);
            if (id.Length > 0) folders[id] = (id, item.GetMetadata("NuGetPackageVersion"), folder);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(File));
        var license = $"[{{ \"expression\": {Text(License)} }}]";
        System.IO.File.WriteAllText(File, string.Join("\n",
            "{",
            "  \"bomFormat\": \"CycloneDX\",",
            "  \"specVersion\": \"1.6\",",
            "  \"version\": 1,",
            $"  \"metadata\": {{ \"component\": {Component("application", Id, Version, license, null)} }},",
            "  \"components\": [",
            string.Join(",\n",
                folders.Values.Select(p => "    " + Component("library", p.Id, p.Version, Licenses(p.Folder, p.Id), Hash(p.Folder)))),
            "  ]",
            "}",
            ""));
        return true;
    }

    private static string Component(string type, string id, string version, string licenses, string hash)
    {
        var address = $"pkg:nuget/{id}@{version}";
        return $"{{ \"type\": \"{type}\", \"bom-ref\": {Text(address)}, \"name\": "
            + $"{Text(id)}, \"version\": {Text(version)}, \"purl\": {Text(address)}"
            + (licenses is null ? "" : $", \"licenses\": {licenses}")
            + (hash is null ? "" : $", \"hashes\": [{{ \"alg\": \"SHA-512\", \"content\": \"{hash}\" }}]") + " }";
    }

    private static string Licenses(string folder, string id)
    {
        var manifest = XDocument.Load(Path.Combine(folder, id.ToLowerInvariant() + ".nuspec")).Root;
        string Value(string name) => manifest.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
        var kind = manifest.Descendants().FirstOrDefault(e => e.Name.LocalName == "license")?.Attribute("type")?.Value;
        if (kind == "expression") return $"[{{ \"expression\": {Text(Value("license"))} }}]";
        var name = kind == "file" ? "the file " + Value("license") + " of the package" : Value("licenseUrl");
        return name is null ? null : $"[{{ \"license\": {{ \"name\": {Text(name)} }} }}]";
    }

    /// <summary>Returns the SHA-512 hash that NuGet stored for the package, or null for a package that came with the SDK.</summary>
    private static string Hash(string folder)
    {
        var file = Directory.GetFiles(folder, "*.nupkg.sha512").FirstOrDefault();
        return file is null
            ? null
            : BitConverter.ToString(Convert.FromBase64String(System.IO.File.ReadAllText(file))).Replace("-", "").ToLowerInvariant();
    }

    private static string Text(string value) => "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
